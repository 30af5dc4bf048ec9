"""What the programme is about: its code tables, products, phases and notices."""
