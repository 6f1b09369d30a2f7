"""Standing checks: each new document of a channel is judged when it is posted."""
