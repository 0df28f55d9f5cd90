"""Where those who teach follow their editions: who takes part and how far each has come."""
