"""Other governments ask for our data: the provider side of X-Road REST."""
