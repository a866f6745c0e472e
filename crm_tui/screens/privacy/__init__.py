"""Privacy: rules of retention and whom they propose, erasure and its reports, consent as it was said."""
