"""Meta Llama on Azure Machine Learning: the plain Python beside the Pulumi program."""
