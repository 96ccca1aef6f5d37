"""One visual language for every face (界面): tokens, components, tags and page shells."""
