"""The figures that everybody may see."""
