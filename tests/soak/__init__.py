"""People ask for half an hour while platforms fail now and then; every question is answered, and nothing grows."""
