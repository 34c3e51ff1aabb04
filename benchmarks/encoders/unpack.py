"""Takes a folder out of a package, which is a zip archive, or all of an archive that lies inside of it.

    python unpack.py PACKAGE INSIDE FOLDER
"""

import pathlib
import sys
import zipfile

package, inside, folder = sys.argv[1:]
out = pathlib.Path(folder)
with zipfile.ZipFile(package) as archive:
    if inside in archive.namelist():
        with archive.open(inside) as file, zipfile.ZipFile(file) as inner:
            inner.extractall(out)
    else:
        for name in archive.namelist():
            own = pathlib.PurePosixPath(name)
            if str(own.parent) == inside and not own.name.startswith('.'):
                out.mkdir(parents=True, exist_ok=True)
                (out / own.name).write_bytes(archive.read(name))
