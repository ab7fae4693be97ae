"""What can go wrong with private keys. No message ever carries a secret."""

from credentials.core.errors import BadInput, Unavailable


class KeysUnavailable(Unavailable):
    """A private key cannot be used, or the place for keys is not in order."""


class WrongPassphrase(KeysUnavailable):
    """The secret does not open this keyring."""

    code = "wrong-passphrase"
    title = "Wrong passphrase or master secret"
    advice = (
        "Start the service with the passphrase the keys were made with,"
        " or without one if they were made with the master.secret file."
    )


class PassphraseTooShort(BadInput):
    """The passphrase is blank or too short to protect anything."""

    code = "passphrase-too-short"
    title = "Passphrase too short"
    advice = "Choose a passphrase of at least 8 characters, or leave it out to have a random secret made."


class MasterSecretMissing(KeysUnavailable):
    """There are keys, but nothing to open them with."""

    code = "master-secret-missing"
    title = "Master secret missing"
    advice = "Restore the master.secret file from a backup, or give the passphrase that the keys were made with."


class MasterSecretDamaged(KeysUnavailable):
    """The master secret's file is not what was written."""

    code = "master-secret-damaged"
    title = "Master secret damaged"
    advice = "Restore the master.secret file from a backup; without it the keys beside it cannot be opened."


class KeyFileMissing(KeysUnavailable):
    """No private key has this id."""

    code = "key-missing"
    title = "Private key missing"
    advice = "Restore the key's file from a backup, or rotate the issuer to a new key."


class KeyFileDamaged(KeysUnavailable):
    """A key's file is truncated, altered or of an unknown format."""

    code = "key-file-damaged"
    title = "Key file damaged"
    advice = "Restore the file from a backup, or rotate the issuer to a new key."


class KeyFileMisplaced(KeysUnavailable):
    """A key's file holds another key than its name says."""

    code = "key-file-misplaced"
    title = "Key file holds another key"
    advice = "Someone renamed or swapped key files: give each file the name of the key it holds, and find out who did."


class KeyFileTooOpen(KeysUnavailable):
    """Other users of the machine may read or write a secret file."""

    code = "key-file-too-open"
    title = "Key file open to others"
    advice = "Close it with: chmod 600 FILE. Consider whether someone may have copied it; if so, rotate the key."


class KeyFileNotRegular(KeysUnavailable):
    """A symbolic link, a directory or a device stands where a secret file belongs."""

    code = "key-file-not-regular"
    title = "Not an ordinary file"
    advice = "Put the file itself there, not a link to it."


class KeyFileUnreadable(KeysUnavailable):
    """The service's user may not read a secret file."""

    code = "key-file-unreadable"
    title = "Key file cannot be read"
    advice = "Let the user that runs the service own the file (chown) and keep its mode at 600."


class KeyDirectoryTooOpen(KeysUnavailable):
    """Other users of the machine may look into the directory of keys, or put files there."""

    code = "key-directory-too-open"
    title = "Key directory open to others"
    advice = "Close it with: chmod 700 DIRECTORY"


class KeyDirectoryUnusable(KeysUnavailable):
    """The directory of keys cannot be made, read or written."""

    code = "key-directory-unusable"
    title = "Key directory cannot be used"
    advice = "Choose a directory that the user who runs the service owns, on a file system that is not read-only."


class KeyStorageFull(KeysUnavailable):
    """The disk has no room for a new key."""

    code = "key-storage-full"
    title = "No room for a new key"
    advice = "Free some space (or raise the quota) where the keys are kept, then try again; nothing was changed."


class KeyAlgorithmUnsupported(BadInput):
    """The backend cannot make keys of this algorithm."""

    code = "key-algorithm-unsupported"
    title = "Key algorithm not supported"
    advice = "Choose Ed25519, P-256 or ML-DSA-44."


class PortableKeyUnreadable(BadInput):
    """A key file for single documents is of no form that is read, is locked, or contradicts itself."""

    code = "portable-key-unreadable"
    title = "Not a private key that can be read"
    advice = "Give a private JWK, PEM PKCS#8 without a passphrase, or a multibase secret, of an Ed25519 or P-256 key."


class HolderKeyUnreadable(BadInput):
    """A file that holds no private JWK of a key that can sign a presentation."""

    code = "holder-key-unreadable"
    title = "Not a private key that can sign"
    advice = "Give a file with a private JWK of an Ed25519 or P-256 key."
