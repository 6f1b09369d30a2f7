"""The bot dies at named places, again and again, and nobody in the thread may notice."""
