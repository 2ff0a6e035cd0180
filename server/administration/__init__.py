"""Django's administration with our rights: who may come in, and what of it they see."""
