package plumb.admin;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import plumb.access.AccessSettings;
import plumb.access.Role;

/// Whoever looks at a page. What he may not do is not shown.
@Named
@RequestScoped
public class Me {
    @Inject
    AccessSettings settings;

    private static ExternalContext request() {
        return FacesContext.getCurrentInstance().getExternalContext();
    }

    public @Nullable String getName() {
        Principal person = request().getUserPrincipal();
        return person == null ? null : person.getName();
    }

    public String getRole() {
        if (request().isUserInRole(Role.ADMIN.inServer())) return "admin";
        return isOperator() ? "operator" : "viewer";
    }

    public boolean isOperator() {
        return request().isUserInRole(Role.OPERATOR.inServer());
    }

    public boolean isReadonly() {
        return settings.readonly();
    }

    public boolean isMayChange() {
        return isOperator() && !settings.readonly();
    }

    /// Whether he can log out here.
    public boolean isByForm() {
        return settings.auth() == AccessSettings.Auth.FORM;
    }
}
