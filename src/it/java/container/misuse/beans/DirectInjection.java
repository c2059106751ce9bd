package container.misuse.beans;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import plumb.Keyed;
import usualpizza.Usual;

@RequestScoped
public class DirectInjection {
    @Inject
    Usual usual;

    @Inject
    Keyed<String> keyed;
}
