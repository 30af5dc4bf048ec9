"""What the program is about: its code tables, products, phases and notices."""
