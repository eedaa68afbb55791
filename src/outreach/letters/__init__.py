"""Every mail the program writes, one function each; below the steps, above the store."""
