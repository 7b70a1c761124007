"""Meta Llama on Azure Machine Learning: the plain Python beside the Pulumi program."""

__version__ = "0.2.0"
