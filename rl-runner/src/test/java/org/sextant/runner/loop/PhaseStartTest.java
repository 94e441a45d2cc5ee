// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.ReferenceKernels;

class PhaseStartTest {
    private static final String SFT = "{ kind = sft, rows-per-step = 4, steps = ";

    @TempDir
    Path folder;

    private SmallRun run(String name, String phases) throws Exception {
        return run(name, phases, "");
    }

    private SmallRun run(String name, String phases, String more) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run("phases = [ " + phases + " ]\n" + more);
        return run;
    }

    private String from(String name) {
        return ", from = \"" + folder.resolve(name).resolve("model") + "\" }";
    }

    @Test
    void phaseStartsFromASavedModelOrFromWhatTheOneBeforeLeft() throws Exception {
        SmallRun saved = run("saved", SFT + "3 }");
        SmallRun both = run("both", SFT + "1 }, " + SFT + "2" + from("saved") + ", " + SFT + "2 }");
        ReferenceKernels kernels = new ReferenceKernels();

        assertThat(both.hashOf("models/phase-0", kernels)).isEqualTo(saved.model());
        assertThat(both.hashOf("models/phase-1", kernels))
                .isNotEqualTo(saved.model())
                .isNotEqualTo(both.model());
    }

    @Test
    void aModelOfAnotherAlphabetIsRefused() throws Exception {
        run("minus", SFT + "1 }", "task.operators = [\"-\"]");
        assertThatThrownBy(() -> run("plus", SFT + "1 }, " + SFT + "1" + from("minus")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(
                        "has the tokenizer CharacterTokenizer[0123456789=-], this run CharacterTokenizer[0123456789=+]");
    }
}
