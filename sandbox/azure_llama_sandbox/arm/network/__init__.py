"""Microsoft.Network: virtual networks, private endpoints and private DNS."""
