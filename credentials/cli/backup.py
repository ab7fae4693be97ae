"""`credentials backup` and `credentials restore`: a copy of the data folder, and putting it back."""

from pathlib import Path

import click

from credentials.cli.invocation import Invocation, command_options, note
from credentials.store.backup import note_backup
from credentials.web.backups import back_up
from credentials.web.backups import restore as put_back

_folder = click.Path(file_okay=False, path_type=Path)


@click.command(epilog="Example:  credentials backup /backup/2026-11-26")
@click.argument("folder", required=False, type=_folder, metavar="[FOLDER]")
@click.option("--done", is_flag=True, help="Copy nothing: another program made the backup just now.")
@command_options
def backup(call: Invocation, folder: Path | None, done: bool) -> None:
    """Copy database, keys and uploaded files into FOLDER while the service runs.

    FOLDER is new or empty. The operator's page says when this was done last. What was published is not copied: it must
    never be put back. Files that are kept in a bucket are not copied: back the bucket up beside it.
    """
    if done == (folder is not None):
        raise click.UsageError("Name a folder, or say --done.")
    with call.service() as service:
        now = service.clock()
        if folder is None:
            note_backup(service.engine, now)
        else:
            back_up(service, folder, now)
            note("Keep it as you keep the keys: whoever has it may be able to sign.")
            if service.settings.files_store:
                note(f"Uploaded files are not in it: back up {service.settings.files_store} beside it.")
    call.result({"folder": str(folder) if folder else None}, [f"Backed up to {folder}." if folder else "Noted."])


@click.command(epilog="Example:  credentials restore /backup/2026-11-26")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER")
@command_options
def restore(call: Invocation, folder: Path) -> None:
    """Put the backup in FOLDER back. Stop the service first.

    What lay there stays beside it, ending in .before-restore. At its next start the service brings the database in step
    with what was published since: nothing that was withdrawn stands again.
    """
    put_back(call.settings(), folder)
    call.result({"folder": str(folder)}, [f"Restored from {folder}. Start the service, then run `credentials doctor`."])
