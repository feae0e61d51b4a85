"""What a check knows of where it runs: its cell, its time, and what is kept beside the notebook. Nothing here needs IPython."""
