"""What several rules ask of a text: its prose, its words, its marks, the links it gives."""
