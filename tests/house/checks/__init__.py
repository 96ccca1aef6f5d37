"""One function per rule: it reads a source tree and answers with sentences, none when all is well."""
