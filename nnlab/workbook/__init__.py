"""Authors' room: build the notebooks, check them, release them."""
