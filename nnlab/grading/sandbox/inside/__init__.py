"""What goes into the sandbox beside the student's code, as the package `nnlab_inside`. Nothing may depend on its honesty."""
