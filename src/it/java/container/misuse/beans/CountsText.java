package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Key;
import plumb.LiveGauge;
import plumb.PerKey;

@PerKey(domain = "counts-text")
class CountsText {
    @Inject
    @Key
    String key;

    @LiveGauge("a_text")
    String count() {
        return key;
    }
}
