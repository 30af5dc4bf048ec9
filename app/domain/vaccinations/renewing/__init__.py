"""Proofs that a correction withdrew come anew by themselves."""
