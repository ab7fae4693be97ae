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
    advice = (
        "Restore the key's file from a backup, name the backend that it was made in (CREDENTIALS_KEYS_BACKEND),"
        " or rotate the issuer to a new key."
    )


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
    advice = (
        "Choose one that the key backend makes: Ed25519, P-256 or ML-DSA-44 as files,"
        " Ed25519 or P-256 by PKCS#11, P-256 in AWS KMS."
    )


class KeyBackendUnknown(BadInput):
    """The address of the place for keys cannot be read."""

    code = "key-backend-unknown"
    title = "Not an address of a key backend"
    advice = (
        "Set CREDENTIALS_KEYS_BACKEND to pkcs11:token=NAME?module-path=/path/to/module.so or aws-kms://REGION,"
        " or leave it out to keep keys as files."
    )


class PinInUri(BadInput):
    """The address of a token carries its PIN, or says where the PIN is."""

    code = "key-backend-pin-in-uri"
    title = "PIN in an address"
    advice = "Give the PIN in CREDENTIALS_KEYS_PIN alone. If the address was written down anywhere, change the PIN."


class KeyBackendNotInstalled(KeysUnavailable):
    """The package that a backend works with is not installed."""

    code = "key-backend-not-installed"
    title = "Key backend not installed"
    advice = "Install it with the service: pip install 'verified-credentials-service[pkcs11]', or [aws] for AWS KMS."


class KeyModuleUnusable(KeysUnavailable):
    """The PKCS#11 module cannot be loaded or started."""

    code = "key-module-unusable"
    title = "PKCS#11 module cannot be used"
    advice = "See that module-path is the vendor's library, that this user may read it, and that it finds its settings."


class TokenMissing(KeysUnavailable):
    """The module knows no such token, or several."""

    code = "token-missing"
    title = "Token missing"
    advice = "Plug the token in, or correct its name; where two have one name, add ;serial= to the address."


class TokenPinMissing(KeysUnavailable):
    """No PIN was given, or the token has none yet."""

    code = "token-pin-missing"
    title = "PIN missing"
    advice = "Set CREDENTIALS_KEYS_PIN to the user PIN; if the token has none yet, set one with the vendor's tool."


class TokenPinWrong(KeysUnavailable):
    """The token refused the PIN."""

    code = "token-pin-wrong"
    title = "Wrong PIN"
    advice = "Correct CREDENTIALS_KEYS_PIN and start again. It is not tried a second time: tokens lock after a few."


class TokenPinLocked(KeysUnavailable):
    """The token takes no PIN any more."""

    code = "token-pin-locked"
    title = "PIN locked or expired"
    advice = "Have the token's security officer unlock it or set a new PIN, then start the service again."


class TokenFailed(KeysUnavailable):
    """The token or its module failed in another way."""

    code = "token-failed"
    title = "Token failed"
    advice = "Look at the token and at its module's own log, then try again; what was being signed is not lost."


class KmsCredentialsMissing(KeysUnavailable):
    """Nothing says who is asking AWS."""

    code = "kms-credentials-missing"
    title = "No AWS credentials"
    advice = "Give the service a role, a profile or keys in one of the ways that AWS SDKs read by themselves."


class KmsAccessDenied(KeysUnavailable):
    """AWS knows who is asking, or not even that, and refuses."""

    code = "kms-access-denied"
    title = "Refused by AWS KMS"
    advice = "Compare the role's policy with the one in the how-to, and see that its credentials have not expired."


class KmsThrottled(KeysUnavailable):
    """More requests than AWS KMS takes, also after waiting."""

    code = "kms-throttled"
    title = "Too many requests to AWS KMS"
    advice = "Issue more slowly, or have the account's quota raised; what was being signed is finished later."


class KmsUnreachable(KeysUnavailable):
    """No answer from AWS KMS in time."""

    code = "kms-unreachable"
    title = "AWS KMS cannot be reached"
    advice = "See that the region is right and that this machine may reach its endpoint, then try again."


class KmsKeyUnusable(KeysUnavailable):
    """The key is disabled, waits for its deletion, or is of another kind."""

    code = "kms-key-unusable"
    title = "Key in AWS KMS cannot be used"
    advice = "Enable the key or cancel its deletion in AWS KMS, or rotate the issuer to a new key."


class KmsFailed(KeysUnavailable):
    """AWS KMS failed in another way."""

    code = "kms-failed"
    title = "AWS KMS failed"
    advice = "Try again; if it stays, look for the error's name in AWS's documentation and at its status page."


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
