package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// The menu; the same on every instance.
@ApplicationScoped
@Path("menu")
@Produces(MediaType.APPLICATION_JSON)
public class MenuResource {
    @Inject
    MenuCard card;

    @GET
    public MenuView read() {
        return MenuView.of(card.current());
    }
}
