"""The card behind a reader: vpcd, its control socket, links, and readers in this process."""
