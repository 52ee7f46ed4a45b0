using Huike.Platform.Access.Roles;
using Huike.Platform.Access.Sessions;

namespace Huike.Platform.Access.Records;

/// <summary>What is remembered of who may do what, for some seconds; forgotten where roles, units, deputies or shares change.</summary>
public sealed class AccessMemory
{
    private readonly SessionRegister sessions;
    private readonly Tokens.TokenRegister tokens;
    private readonly RoleBook roles;

    internal AccessMemory(SessionRegister sessions, Tokens.TokenRegister tokens, RoleBook roles) => (this.sessions, this.tokens, this.roles) = (sessions, tokens, roles);

    /// <summary>The next request of each user finds what is true now.</summary>
    public void Forget()
    {
        roles.Forget();
        sessions.Forget();
        tokens.Forget();
    }
}
