"""Who saw or changed what, in a hash chain (审计): ids only, no foreign keys."""
