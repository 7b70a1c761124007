"""Questions to Azure before a deployment: what will it refuse?"""
