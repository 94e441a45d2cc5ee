// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path run;

    private Checkpoints checkpoints(int keep) {
        return new Checkpoints(run.resolve("checkpoints"), keep);
    }

    private static Checkpoints.Content text(String text) {
        return folder -> Files.writeString(folder.resolve("state"), text);
    }

    @Test
    void theNewestByNumberIsTheLatestAndOldOnesGo() throws Exception {
        Checkpoints checkpoints = checkpoints(2);
        checkpoints.save(5, text("five"));
        checkpoints.save(9, text("nine"));
        checkpoints.save(10, text("ten"));

        assertThat(checkpoints.latest().orElseThrow().getFileName()).hasToString("step-10");
        assertThat(run.resolve("checkpoints/step-9")).exists();
        assertThat(run.resolve("checkpoints/step-5")).doesNotExist();
    }

    @Test
    void whatFailsHalfwayIsNeverTheLatest() throws Exception {
        Checkpoints checkpoints = checkpoints(2);
        checkpoints.save(1, text("one"));

        assertThatThrownBy(() -> checkpoints.save(2, folder -> {
                    Files.writeString(folder.resolve("state"), "half");
                    throw new IOException("disk full");
                }))
                .hasMessage("cannot write " + run.resolve("checkpoints/step-2") + ": disk full");

        assertThat(checkpoints.latest().orElseThrow().getFileName()).hasToString("step-1");
    }

    @Test
    void savingAStepAgainReplacesIt() throws Exception {
        Checkpoints checkpoints = checkpoints(2);
        checkpoints.save(3, text("old"));
        checkpoints.save(3, text("new"));

        assertThat(checkpoints.latest().orElseThrow().resolve("state")).hasContent("new");
    }

    @Test
    void aStepThatIsSavedAgainIsNeverMissing() throws Exception {
        Path folder = run.resolve("checkpoints");
        Checkpoints checkpoints = checkpoints(1);
        checkpoints.save(3, text("old"));
        Files.move(folder.resolve("step-3"), folder.resolve("step-3.replaced"));

        assertThat(checkpoints.latest().orElseThrow()).isEqualTo(folder.resolve("step-3.replaced"));

        checkpoints.save(3, text("new"));
        assertThat(checkpoints.latest().orElseThrow().resolve("state")).hasContent("new");
        assertThat(folder).isDirectoryNotContaining("glob:**replaced");
    }

    @Test
    void theNewOneIsTheLatestWhileTheReplacedOneIsStillThere() throws Exception {
        Path folder = run.resolve("checkpoints");
        Checkpoints checkpoints = checkpoints(1);
        checkpoints.save(3, text("new"));
        Files.createDirectory(folder.resolve("step-3.replaced"));

        assertThat(checkpoints.latest().orElseThrow()).isEqualTo(folder.resolve("step-3"));
    }
}
