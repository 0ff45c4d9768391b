package org.trefoilhub.hub.smart.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.smart.scope.SmartScope;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Accounts of one YAML file, read again when the file changes.
 *
 * <p>Unknown keys, unknown roles, departments and scopes are refused. A changed file that cannot be used leaves the last
 * good accounts in force and logs an error. The file's time and size are looked at whenever somebody is asked for, so that
 * a change counts on the next request; a file inside the jar never changes. Secrets in clear are hashed at load. {@code {public-url}} in redirect
 * addresses stands for the hub's public address.
 */
public final class AccountFile implements AccountStore {

    /** The password of every demo user. */
    public static final String DEMO_PASSWORD = "trefoil-demo";

    private static final Logger log = LoggerFactory.getLogger(AccountFile.class);
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Resource resource;
    private final @Nullable Path path;
    private final String publicUrl;
    private final boolean demoSecrets;
    private final PasswordEncoder encoder;
    private volatile Snapshot snapshot;
    private volatile @Nullable Stamp looked;

    private record Snapshot(Map<String, UserAccount> users, Map<String, ClientAccount> clients) {}

    /** Tells one state of the file from another. */
    private record Stamp(FileTime modified, long lengthBytes) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size());
        }
    }

    /** The file as it is written. */
    record Document(@Nullable List<UserEntry> users, @Nullable List<ClientEntry> clients) {}

    record UserEntry(
            String name,
            String displayName,
            @Nullable Set<String> roles,
            @Nullable Set<String> departments,
            @Nullable Clearance clearance,
            @Nullable String password,
            @Nullable String passwordHash,
            @Nullable List<PositionEntry> positions) {}

    record PositionEntry(
            String code,
            @Nullable String displayName,
            @Nullable Set<String> roles,
            @Nullable Set<String> departments,
            @Nullable Clearance clearance) {}

    record ClientEntry(
            String id,
            String displayName,
            @Nullable String secret,
            @Nullable String secretHash,
            boolean firstParty,
            @Nullable List<ClientAccount.Grant> grants,
            @Nullable List<String> redirectUris,
            @Nullable List<String> postLogoutRedirectUris,
            @Nullable List<String> scopes,
            @Nullable Clearance clearance,
            @Nullable Map<String, Object> jwks,
            @Nullable URI jwksUri,
            @Nullable String launchUri,
            boolean launchesFor,
            @Nullable URI backchannelLogoutUri) {}

    /**
     * Reads the file.
     *
     * @param resource the YAML file
     * @param publicUrl base address of the hub, without trailing slash
     * @param demoSecrets whether secrets in clear and those of the demo are acceptable
     * @param encoder hashes secrets in clear
     * @throws AccountException when the file cannot be used
     */
    public AccountFile(Resource resource, String publicUrl, boolean demoSecrets, PasswordEncoder encoder) {
        this.resource = resource;
        this.path = pathOf(resource);
        this.publicUrl = publicUrl;
        this.demoSecrets = demoSecrets;
        this.encoder = encoder;
        try {
            this.looked = path == null ? null : Stamp.of(path);
        } catch (IOException e) {
            throw unreadable(e);
        }
        this.snapshot = read();
    }

    @Override
    public Optional<UserAccount> user(String name) {
        return Optional.ofNullable(current().users().get(name));
    }

    @Override
    public Optional<ClientAccount> client(String id) {
        return Optional.ofNullable(current().clients().get(id));
    }

    @Override
    public Collection<UserAccount> users() {
        return current().users().values();
    }

    @Override
    public Collection<ClientAccount> clients() {
        return current().clients().values();
    }

    private Snapshot current() {
        if (path != null) {
            try {
                Stamp now = Stamp.of(path);
                if (!now.equals(looked)) {
                    readAgain(now);
                }
            } catch (IOException e) {
                log.error("{} the accounts are gone, the last good ones stay in force", AccountException.CODE, e);
            }
        }
        return snapshot;
    }

    private synchronized void readAgain(Stamp now) {
        if (now.equals(looked)) {
            return;
        }
        try {
            snapshot = read();
            log.info(
                    "accounts read again: {} users, {} clients",
                    snapshot.users().size(),
                    snapshot.clients().size());
        } catch (AccountException e) {
            log.error("{} changed accounts cannot be used, the last good ones stay in force", AccountException.CODE, e);
        }
        looked = now;
    }

    private Snapshot read() {
        Document document;
        try (InputStream in = resource.getInputStream()) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            document = MAPPER.convertValue(tree == null ? Map.of() : tree, Document.class);
        } catch (IOException | YAMLException | IllegalArgumentException e) {
            throw unreadable(e);
        }
        // Demo users share one password: hashing it once instead of twenty times keeps the start short.
        Map<String, String> hashes = new HashMap<>();
        Map<String, UserAccount> users = new LinkedHashMap<>();
        for (UserEntry entry : orEmpty(document.users())) {
            UserAccount user = user(entry, hashes);
            if (users.put(user.name(), user) != null) {
                throw new AccountException("user `" + user.name() + "` occurs twice");
            }
        }
        Map<String, ClientAccount> clients = new LinkedHashMap<>();
        for (ClientEntry entry : orEmpty(document.clients())) {
            ClientAccount client = client(entry, hashes);
            if (clients.put(client.id(), client) != null) {
                throw new AccountException("client `" + client.id() + "` occurs twice");
            }
        }
        return new Snapshot(users, clients);
    }

    private AccountException unreadable(Exception cause) {
        return new AccountException("accounts cannot be read from `" + resource.getDescription() + "`", cause);
    }

    private UserAccount user(UserEntry entry, Map<String, String> hashes) {
        String who = "user `" + entry.name() + "`";
        Set<String> roles = entry.roles() == null ? Set.of() : entry.roles();
        Set<String> departments = entry.departments() == null ? Set.of() : entry.departments();
        requireName(entry.name(), "user");
        requireKnown(roles, Vocabulary.ROLES, who, "role");
        requireKnown(departments, Vocabulary.DEPARTMENTS, who, "department");
        List<Position> positions = positions(entry, who);
        String hash = hash(entry.password(), entry.passwordHash(), hashes, who, DEMO_PASSWORD);
        return new UserAccount(
                entry.name(), entry.displayName(), roles, departments, orNormal(entry.clearance()), hash, positions);
    }

    private static List<Position> positions(UserEntry entry, String who) {
        List<Position> positions = new ArrayList<>();
        Set<String> codes = new HashSet<>();
        for (PositionEntry position : orEmpty(entry.positions())) {
            Set<String> roles = position.roles() == null ? Set.of() : position.roles();
            Set<String> departments = position.departments() == null ? Set.of() : position.departments();
            requireName(position.code(), "position");
            requireKnown(roles, Vocabulary.ROLES, who, "role");
            requireKnown(departments, Vocabulary.DEPARTMENTS, who, "department");
            if (!codes.add(position.code())) {
                throw new AccountException(who + " has the position `" + position.code() + "` twice");
            }
            String displayName = position.displayName() == null ? position.code() : position.displayName();
            positions.add(
                    new Position(position.code(), displayName, roles, departments, orNormal(position.clearance())));
        }
        if (!positions.isEmpty()
                && (entry.roles() != null || entry.departments() != null || entry.clearance() != null)) {
            throw new AccountException(
                    who + " has positions and also roles, departments or clearance of its own, expected one of them");
        }
        return positions;
    }

    private ClientAccount client(ClientEntry entry, Map<String, String> hashes) {
        String who = "client `" + entry.id() + "`";
        requireName(entry.id(), "client");
        List<ClientAccount.Grant> grants = orEmpty(entry.grants());
        if (grants.isEmpty()) {
            throw new AccountException(who + " has no grant, expected AUTHORIZATION_CODE or CLIENT_CREDENTIALS");
        }
        String hash = hash(entry.secret(), entry.secretHash(), hashes, who, entry.id() + "-secret");
        String jwks = keys(entry, who);
        if (hash == null
                && jwks == null
                && entry.jwksUri() == null
                && grants.contains(ClientAccount.Grant.CLIENT_CREDENTIALS)) {
            throw new AccountException(who + " has the grant CLIENT_CREDENTIALS but neither secret nor keys");
        }
        List<String> redirectUris = resolve(entry.redirectUris());
        if (grants.contains(ClientAccount.Grant.AUTHORIZATION_CODE) && redirectUris.isEmpty()) {
            throw new AccountException(who + " has the grant AUTHORIZATION_CODE but no redirect address");
        }
        List<String> scopes = orEmpty(entry.scopes());
        for (String scope : scopes) {
            if (SmartScope.parse(scope).isEmpty() && !SmartScope.PLAIN.contains(scope)) {
                throw new AccountException(who + " has the unknown scope `" + scope + "`");
            }
        }
        URI logout = entry.backchannelLogoutUri();
        if (logout != null
                && !"https".equals(logout.getScheme())
                && !(demoSecrets && "http".equals(logout.getScheme()))) {
            throw new AccountException(who + " is told of logouts at `" + logout + "`, expected an https address");
        }
        return new ClientAccount(
                entry.id(),
                entry.displayName(),
                hash,
                entry.firstParty(),
                grants,
                redirectUris,
                resolve(entry.postLogoutRedirectUris()),
                scopes,
                orNormal(entry.clearance()),
                jwks,
                entry.jwksUri(),
                entry.launchUri() == null ? null : entry.launchUri().replace("{public-url}", publicUrl),
                entry.launchesFor(),
                entry.backchannelLogoutUri());
    }

    private @Nullable String keys(ClientEntry entry, String who) {
        URI address = entry.jwksUri();
        if (address != null
                && !"https".equals(address.getScheme())
                && !(demoSecrets && "http".equals(address.getScheme()))) {
            throw new AccountException(who + " has keys at `" + address + "`, expected an https address");
        }
        if (entry.jwks() == null) {
            return null;
        }
        if (address != null) {
            throw new AccountException(who + " has both jwks and jwksUri, expected one of them");
        }
        try {
            String json = MAPPER.writeValueAsString(entry.jwks());
            PublicKeySet.parse(json);
            return json;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new AccountException(who + " has unusable keys: " + e.getMessage(), e);
        }
    }

    private @Nullable String hash(
            @Nullable String clear, @Nullable String hash, Map<String, String> hashes, String who, String demoSecret) {
        if (clear != null && hash != null) {
            throw new AccountException(who + " has a secret both in clear and hashed, expected one of them");
        }
        if (clear != null) {
            if (!demoSecrets) {
                throw new AccountException(who + " has a secret in clear, expected a hash such as `{bcrypt}...`");
            }
            return hashes.computeIfAbsent(clear, encoder::encode);
        }
        if (hash != null && !demoSecrets && (matches(demoSecret, hash, who) || matches(DEMO_PASSWORD, hash, who))) {
            throw new AccountException(who + " has the default secret of the demo, expected one of its own");
        }
        return hash;
    }

    private boolean matches(String secret, String hash, String who) {
        try {
            return encoder.matches(secret, hash);
        } catch (IllegalArgumentException e) {
            throw new AccountException(who + " has a hash of an unknown kind, expected such as `{bcrypt}...`", e);
        }
    }

    private List<String> resolve(@Nullable List<String> uris) {
        List<String> resolved = new ArrayList<>();
        for (String uri : orEmpty(uris)) {
            resolved.add(uri.replace("{public-url}", publicUrl));
        }
        return resolved;
    }

    private static void requireName(@Nullable String name, String kind) {
        if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new AccountException("a " + kind + " has the name `" + name
                    + "`, expected at most 64 letters, digits, points, dashes and underscores");
        }
    }

    private static void requireKnown(Set<String> words, Set<String> known, String who, String kind) {
        for (String word : words) {
            if (!known.contains(word)) {
                throw new AccountException(who + " has the unknown " + kind + " `" + word + "`");
            }
        }
    }

    private static Clearance orNormal(@Nullable Clearance clearance) {
        return clearance == null ? Clearance.N : clearance;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static @Nullable Path pathOf(Resource resource) {
        try {
            return resource.isFile() ? resource.getFile().toPath() : null;
        } catch (IOException e) {
            throw new AccountException("accounts cannot be found at `" + resource.getDescription() + "`", e);
        }
    }
}
