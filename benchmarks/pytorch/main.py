"""PyTorch's side of the race: one JSON request a line on standard input, one JSON answer a line on standard output."""

import json
import os
import re
import sys
import time
import traceback


def status_bytes(field):
    """A field of this process's status, in bytes."""
    with open('/proc/self/status') as file:
        line = next(line for line in file if line.startswith(field + ':'))
    return int(line.split()[1]) * 1024


def libraries():
    """Names of the loaded libraries that do the arithmetic and run the threads, with the flavour their folder names."""
    with open('/proc/self/maps') as file:
        paths = {os.path.realpath(line.split()[-1]) for line in file if '.so' in line}
    telling = re.compile(r'lib(blas|openblas\w*|mkl\w*|gomp|iomp5|omp)[-.]')
    return sorted('/'.join(path.split('/')[-2:]) for path in paths if telling.match(os.path.basename(path)))


def reset_peak():
    """Makes the peak of resident memory start from what is resident now."""
    with open('/proc/self/clear_refs', 'w') as file:
        file.write('5')


class Server:
    """Keeps one work loaded."""

    def about(self, request):
        import numpy
        import torch

        return {
            'name': f'PyTorch {torch.__version__}',
            'torch': torch.__version__,
            'numpy': numpy.__version__,
            'python': sys.version.split()[0],
            'mkl': torch.backends.mkl.is_available(),
            'libraries': ', '.join(libraries()),
            'fusedAttention': hasattr(torch.nn.functional, 'scaled_dot_product_attention'),
            'compile': hasattr(torch, 'compile'),
            'cuda': torch.cuda.get_device_name() if torch.cuda.is_available() else '',
        }

    def load(self, request):
        import torch
        from work import load_work

        settings = request['settings']
        torch.manual_seed(37)
        torch.set_num_threads(settings['threads'])
        torch.set_num_interop_threads(1)
        started = time.perf_counter()
        self.work = load_work(**{'double': False, **request['work'], 'folder': request['folder'], 'settings': settings})
        return {'ms': (time.perf_counter() - started) * 1000}

    def run(self, request):
        times, cores = [], []
        for _ in range(request['repeat']):
            started, before = time.perf_counter(), time.process_time()
            self.work.run()
            times.append((time.perf_counter() - started) * 1000)
            cores.append((time.process_time() - before) * 1000)
        return {'ms': times, 'cores': cores}

    def compare(self, request):
        from work import compare_work

        return {'tensors': compare_work(self.work, request['to'])}

    def peak(self, request):
        peak = status_bytes('VmHWM')
        if request.get('reset'):
            reset_peak()
        return {'bytes': peak}


def main():
    server = Server()
    commands = {name: getattr(server, name) for name in ('about', 'load', 'run', 'compare', 'peak')}
    # What libraries print must not be taken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = commands[request['do']](request)
        except Exception as error:
            traceback.print_exc()
            answer = {'error': f'{type(error).__name__}: {error}'}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == '__main__':
    main()
