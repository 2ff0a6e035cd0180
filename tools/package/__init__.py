"""The packages that `make package` builds."""
