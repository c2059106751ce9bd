package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Describe;
import plumb.Key;
import plumb.PerKey;

@PerKey(domain = "shows-text")
public class ShowsText {
    @Inject
    @Key
    String id;

    @Describe
    String text() {
        return id;
    }
}
