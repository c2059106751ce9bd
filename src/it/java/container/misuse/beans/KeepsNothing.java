package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Drain;
import plumb.Key;
import plumb.PerKey;

@PerKey(domain = "keeps-nothing")
class KeepsNothing {
    @Inject
    @Key
    String key;

    @Drain
    void keep() {}
}
