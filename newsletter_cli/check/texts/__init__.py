"""What several rules ask of a text: its prose, its words, the addresses it gives, how finished it is."""
