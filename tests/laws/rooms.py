"""The laws of the rooms: what each may import, and what only some of them may do."""

import ast
from collections.abc import Iterable, Mapping

from tests.laws.source_tree import Law, Module, SourceTree

BELOW_WEB = frozenset(
    {
        "core",
        "keyring",
        "store",
        "tasks",
        "mail",
        "webhooks",
        "accounts",
        "issuer",
        "identity",
        "verifier",
        "portfolio",
        "console",
        "files",
        "projects",
        "version",
    }
)

# What each room may import from. A feature's routes may also import from `web` and from the features below it.
ROOMS: Mapping[str, frozenset[str]] = {
    "": frozenset({"core", "verifier", "issuer", "version"}),
    "version": frozenset(),
    "core": frozenset(),
    "keyring": frozenset({"core"}),
    "store": frozenset({"core"}),
    "tasks": frozenset({"core"}),
    "mail": frozenset({"core", "store"}),
    "webhooks": frozenset({"core", "store"}),
    "accounts": frozenset({"core", "store", "mail"}),
    "issuer": frozenset({"core", "keyring", "store"}),
    "verifier": frozenset({"core"}),
    "portfolio": frozenset({"core", "store", "verifier"}),
    "identity": frozenset({"core", "store", "accounts", "issuer", "mail"}),
    "files": frozenset({"core", "store", "accounts"}),
    "console": frozenset(
        {"core", "store", "accounts", "issuer", "identity", "mail", "webhooks", "files", "portfolio", "verifier"}
    ),
    "projects": frozenset(
        {"core", "store", "accounts", "issuer", "mail", "webhooks", "files", "portfolio", "verifier", "console"}
    ),
    "web": BELOW_WEB,
    "cli": BELOW_WEB | {"web"},
}
EDGE = frozenset({"web", "accounts", "version"})

# Outside packages that have one place: package → the modules (or rooms, with a trailing dot) that may import it.
PLACES: Mapping[str, tuple[str, ...]] = {
    "flask": ("web.", "*.routes"),
    "limits": ("web.",),
    "flask_wtf": ("web.", "*.routes"),
    "werkzeug": ("web.", "*.routes"),
    # The doctor looks at a database that the service may be unable to open.
    "sqlalchemy": (
        "store.",
        "accounts.",
        "mail.",
        "webhooks.",
        "identity.",
        "console.",
        "files.",
        "projects.",
        "issuer.",
        "portfolio.service",
        "portfolio.branding",
        "web.composition",
        "web.issuing",
        "web.attention",
        "cli.doctor",
    ),
    "alembic": ("store.",),
    "huey": ("tasks.",),
    "smtplib": ("mail.smtp",),
    "webauthn": ("accounts.passkeys",),
    "joserfc": ("accounts.oidc",),
    "dns": ("identity.name_server",),
    "publicsuffixlist": ("identity.",),
    "confusable_homoglyphs": ("identity.look_alikes",),
    "pkcs11": ("keyring.pkcs11",),
    "boto3": ("keyring.aws_kms", "files.s3"),
    "botocore": ("keyring.aws_kms", "files.s3"),
    "rfc3161_client": ("core.timestamps",),
    "jwt": ("core.jws",),
    "pyoxigraph": ("core.linked_data.oxigraph",),
    "rfc8785": ("core.canonical_json",),
    "qrcode": ("portfolio.qr",),
    "PIL": ("portfolio.qr", "verifier.qr_reader", "files.pictures"),
    "zxingcpp": ("verifier.qr_reader",),
    "requests": ("verifier.outbound", "verifier.adapters"),
    # Run as a script in a process of its own, which can be ended.
    "jsonschema_rs": ("verifier.schemas.child",),
    "requests_hardened": ("verifier.outbound", "verifier.adapters"),
    "urllib3": ("verifier.outbound",),
    "httpx": (),
    "http.client": (),
    "urllib.request": (),
    "pydantic": ("web.", "*.routes"),
    "pydantic_settings": ("web.settings", "web.setting_types"),
    "click": ("cli.",),
    "rich": ("cli.",),
}

# What pure code has no business with: files, network, processes, chance, threads, waiting.
IMPURE = frozenset(
    {
        "asyncio",
        "glob",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "requests",
        "secrets",
        "select",
        "shutil",
        "signal",
        "socket",
        "ssl",
        "sqlite3",
        "structlog",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib3",
        "uuid",
    }
)
IMPURE_USES = ("open", "print", "input", "datetime.now", "datetime.utcnow", "datetime.today", "date.today")


def core_is_pure(tree: SourceTree) -> list[str]:
    """Law 1: the core does no I/O, reads no clock and draws no random numbers."""
    found = []
    for module in tree:
        if module.room == "core":
            found += [f"{module.path}: imports {name}" for name in sorted(module.outside() & IMPURE)]
            found += [f"{module.path}: uses {use}" for use in sorted(module.uses()) if _is_impure(use)]
    return found


def _is_impure(use: str) -> bool:
    return any(use == name or use.endswith(f".{name}") for name in IMPURE_USES if "." in name) or use in IMPURE_USES


def rooms_talk_downwards(tree: SourceTree) -> list[str]:
    """Laws 1 and 3: each room imports only from the rooms below it; issuer and verifier never meet."""
    found = []
    for module in tree:
        if module.room not in ROOMS:
            found.append(f"{module.path}: {module.room} is not a room of the architecture")
            continue
        allowed = ROOMS[module.room] | (EDGE if module.is_routes else frozenset())
        found += [f"{module.path}: imports from {room}" for room in sorted(module.rooms() - allowed)]
    return found


def packages_have_their_place(tree: SourceTree) -> list[str]:
    """Laws 2 and 4: frameworks, database, JOSE, QR and network libraries appear only where they belong."""
    found = []
    for module in tree:
        limited = sorted(_imported_packages(module) & PLACES.keys())
        found += [f"{module.path}: imports {name}" for name in limited if not _is_placed(module, PLACES[name])]
    return found


def _imported_packages(module: Module) -> set[str]:
    return module.outside() | {name for name in module.imports() if name in PLACES}


def _is_placed(module: Module, places: Iterable[str]) -> bool:
    return any(
        module.is_routes if place == "*.routes" else f"{module.name}.".startswith(place) if place.endswith(".") else
        module.name == place
        for place in places
    )  # fmt: skip


def one_reader_of_the_environment(tree: SourceTree) -> list[str]:
    """Law 4: only web/settings.py reads the environment."""
    reads = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.path.expandvars")
    return [
        f"{module.path}: uses {use}"
        for module in tree
        if module.name != "web.settings"
        for use in sorted(module.uses() | module.imports())
        if use in reads
    ]


def no_imports_inside_functions(tree: SourceTree) -> list[str]:
    """Law 6: what a module needs of the project is said at its top."""
    return [
        f"{module.path}:{function.lineno}: {function.name} imports {name}"
        for module in tree
        for function in module.functions
        for name in sorted(module.inside(function))
    ]


def absolute_imports_only(tree: SourceTree) -> list[str]:
    """Imports name the whole path."""
    return [f"{module.path}: imports {name}" for module in tree for name in sorted(module.imports()) if name[:1] == "."]


def no_circles(tree: SourceTree) -> list[str]:
    """Law 6: no module reaches itself through its imports."""
    graph = tree.graph()
    return [f"{name}: imports itself through {' and '.join(sorted(graph[name]))}" for name in _in_circles(graph)]


def _in_circles(graph: Mapping[str, set[str]]) -> list[str]:
    """The names that remain when those that import none of the rest, or that none imports, go away again and again."""
    left = {name: set(targets) for name, targets in graph.items()}
    while True:
        imported = set().union(*left.values()) if left else set()
        gone = {name for name, targets in left.items() if not targets or name not in imported}
        if not gone:
            return sorted(left)
        left = {name: targets - gone for name, targets in left.items() if name not in gone}


HTTP_METHODS = frozenset({"route", "get", "post", "put", "patch", "delete"})


def routes_declare_their_caller(tree: SourceTree) -> list[str]:
    """Law 5: every route function carries `@declares(...)`."""
    found = []
    for module in tree:
        for function in module.functions:
            calls = [d for d in function.decorator_list if isinstance(d, ast.Call)]
            is_route = any(isinstance(d.func, ast.Attribute) and d.func.attr in HTTP_METHODS for d in calls)
            declared = any(ast.unparse(d.func).split(".")[-1] == "declares" for d in calls)
            if is_route and not declared:
                found.append(f"{module.path}:{function.lineno}: {function.name}")
    return found


def only_verify_makes_verified_credentials(tree: SourceTree) -> list[str]:
    """Having a `VerifiedCredential` proves that the signature was checked: only the core's mechanisms make one."""
    return [
        f"{module.path}:{node.lineno}"
        for module in tree
        if module.room != "core"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "VerifiedCredential"
    ]


def the_store_never_commits(tree: SourceTree) -> list[str]:
    """Law 3: a service owns the transaction; the queries of the store run inside it."""
    owners = ("store.engine", "store.migrate")
    return [
        f"{module.path}:{node.lineno}"
        for module in tree
        if module.room == "store" and module.name not in owners and not module.name.startswith("store.migrations")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("commit", "begin")
    ]


LAWS: tuple[Law, ...] = (
    core_is_pure,
    rooms_talk_downwards,
    packages_have_their_place,
    one_reader_of_the_environment,
    no_imports_inside_functions,
    absolute_imports_only,
    no_circles,
    routes_declare_their_caller,
    only_verify_makes_verified_credentials,
    the_store_never_commits,
)
