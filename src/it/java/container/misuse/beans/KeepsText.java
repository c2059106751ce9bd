package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Drain;
import plumb.Key;
import plumb.PerKey;
import plumb.Restore;

@PerKey(domain = "keeps-text")
class KeepsText {
    @Inject
    @Key
    String key;

    @Drain
    String keep() {
        return key;
    }

    @Restore
    void restore(String kept) {}
}
