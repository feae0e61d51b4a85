"""The web edition: the course as pages that anybody can read, without a kernel and without a request to anywhere else."""
