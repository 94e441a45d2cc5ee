// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed in a process of its own, and continued in another, leaves the files of one that was left alone. */
@Tag("slow")
class KillTest {
    static final String EXPERIMENT = """
        model { layers = 1, hidden = 8, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 12 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 12 }
        checkpoint { every = 7 }
        phases = [
          { kind = sft, steps = 300, rows-per-step = 4 }
          { kind = rl, steps = 100, prompts-per-step = 2, algorithm { name = grpo, samples-per-prompt = 4, kl.coefficient = 0.1 } }
        ]
        """;

    @TempDir
    Path folder;

    private RunProcess start(String run) throws Exception {
        return RunProcess.start(folder, run, EXPERIMENT);
    }

    @Test
    void killedTwiceIsTheSameRun() throws Exception {
        start("whole").ended(ExitCode.OK);
        start("killed").awaitSteps(20).kill();
        start("killed").awaitSteps(330).kill();
        start("killed").ended(ExitCode.OK);

        RunProcess.assertSame(folder.resolve("killed"), folder.resolve("whole"));
    }
}
