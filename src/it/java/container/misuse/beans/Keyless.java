package container.misuse.beans;

import plumb.PerKey;

@PerKey(domain = "keyless")
class Keyless {}
