"""gdcm's side of `npm run bench -- decode`: reads and decompresses every file of a folder in as many processes as are asked for, and says the milliseconds that passed and those of the processors."""
import os
import sys
import time

import gdcm

folder, processes = sys.argv[1], int(sys.argv[2])
files = sorted(os.path.join(folder, name) for name in os.listdir(folder))


def decode(file):
    reader = gdcm.ImageReader()
    reader.SetFileName(file)
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.ExplicitVRLittleEndian))
    if not reader.Read():
        sys.exit("gdcm cannot read " + os.path.basename(file))
    change.SetInput(reader.GetImage())
    if not change.Change():
        sys.exit("gdcm cannot decode " + os.path.basename(file))


started = time.perf_counter()
children = []
for part in range(processes):
    child = os.fork()
    if child == 0:
        for one in files[part::processes]:
            decode(one)
        os._exit(0)
    children.append(child)
failed = any([os.waitpid(child, 0)[1] != 0 for child in children])
passed = time.perf_counter() - started
times = os.times()
print(passed * 1000, (times.children_user + times.children_system) * 1000)
sys.exit(1 if failed else 0)
