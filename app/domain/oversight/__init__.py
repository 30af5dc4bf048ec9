"""What the state watches over: who may work here and as what, who looked at whom, and what waits in the background."""
