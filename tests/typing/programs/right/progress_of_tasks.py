"""What a task tells while it runs."""

from experimaestro import GracefulTimeout, Param, ResumableTask, TaskCancelled, progress, tqdm
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(ResumableTask):
    epochs: Param[int]

    def execute(self) -> None:
        try:
            for epoch in tqdm(range(self.epochs), desc="Epochs"):
                progress(epoch / self.epochs, level=1, desc="learning")
                left = self.remaining_time()
                if left is not None and left < 60:
                    raise GracefulTimeout("no time left")
        except TaskCancelled:
            print("cancelled")
            raise


@configuration
class Epochs(ConfigurationBase):
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Epochs) -> None:
    Learn.C(epochs=cfg.epochs).submit(max_retries=5)
