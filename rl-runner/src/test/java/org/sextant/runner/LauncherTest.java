// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the launcher {@code ./rl} in an empty checkout, where Java and Maven are scripts that tell how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String USUAL_PLACES = "/usr/lib/jvm/* /usr/java/* /opt/*";

    @TempDir
    Path temp;

    private Path checkout;
    private Path jdks;
    private Path tools;
    private Optional<String> profiles = Optional.empty();

    private record Outcome(int exit, String out, String err) {}

    @BeforeEach
    void checkout() throws IOException {
        checkout = Files.createDirectories(temp.resolve("a checkout"));
        jdks = Files.createDirectories(temp.resolve("jdks"));
        tools = Files.createDirectories(temp.resolve("tools"));
        String launcher = Files.readString(Path.of("..", "rl"));
        assertThat(launcher).contains(USUAL_PLACES);
        executable(checkout.resolve("rl"), launcher.replace(USUAL_PLACES, jdks + "/*"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.createDirectories(checkout.resolve("rl-runner/src/main"));
        Files.writeString(checkout.resolve("rl-runner/pom.xml"), "<project/>");
        systemToolsWithoutJava();
        executable(tools.resolve("mvn"), """
            #!/bin/sh
            echo "$@" >> "$HOME/builds"
            [ ! -e "$HOME/broken" ] || { echo "broken source" >&2; exit 1; }
            mkdir -p rl-runner/target/lib
            sleep 0.2
            echo jar > rl-runner/target/rl-runner.jar
            """);
    }

    @Test
    void saysWhatToInstallWithoutJdk25() throws Exception {
        jdk("17.0.15");

        Outcome outcome = rl("train");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("needs a JDK 25 or newer, and none was found")
                .contains("openjdk-25-jdk")
                .contains("JAVA_HOME");
        assertThat(builds()).isEmpty();
    }

    @Test
    void saysWhatToInstallWithoutMaven() throws Exception {
        jdk("25.0.3");
        Files.delete(tools.resolve("mvn"));

        assertThat(rl("train").err()).contains("Maven was not found").contains("apt-get install maven");
    }

    @Test
    void passesFlagsArgumentsAndExitCode() throws Exception {
        jdk("26");

        Outcome outcome = rl("train", "two words", "*");

        assertThat(outcome.out().lines())
                .containsSubsequence("--add-modules", "jdk.incubator.vector")
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xuser=1")
                .endsWith("org.sextant.runner.cli.Main", "train", "two words", "*");
        assertThat(outcome.exit()).isEqualTo(7);
        assertThat(outcome.err()).contains("rl: building");
    }

    @Test
    void buildsOnlyWhenSourcesAreNewer() throws Exception {
        jdk("25.0.3");
        rl("plugins");
        assertThat(builds()).hasSize(1).first().asString().contains("-DskipTests package");

        assertThat(rl("plugins").err()).doesNotContain("building");
        assertThat(builds()).hasSize(1);

        Path source = Files.writeString(checkout.resolve("rl-runner/src/main/A.java"), "class A {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        assertThat(rl("plugins").err()).contains("building");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void buildsWithTheProfilesOfTheLastBuildUntilToldOthers() throws Exception {
        jdk("25.0.3");
        profiles = Optional.of("cuda");
        assertThat(rl("plugins").err()).contains("building with cuda");
        assertThat(builds()).hasSize(1).last().asString().contains("-Pcuda package");

        profiles = Optional.empty();
        assertThat(rl("plugins").err()).doesNotContain("building");
        Path source = Files.writeString(checkout.resolve("rl-runner/src/main/A.java"), "class A {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        rl("plugins");
        assertThat(builds()).hasSize(2).last().asString().contains("-Pcuda package");

        Files.delete(source);
        profiles = Optional.of("");
        rl("plugins");
        assertThat(builds()).hasSize(3).last().asString().doesNotContain("-P");
    }

    @Test
    void failedBuildIsToldAndTriedAgain() throws Exception {
        jdk("25.0.3");
        Path broken = Files.createFile(temp.resolve("broken"));
        Outcome outcome = rl("plugins");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("broken source").contains("the build failed");
        assertThat(outcome.out()).isEmpty();

        Files.delete(broken);
        assertThat(rl("plugins").exit()).isEqualTo(7);
    }

    @Test
    void concurrentCallsBuildOnce() throws Exception {
        jdk("25.0.3");
        List<Process> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(start(List.of(checkout.resolve("rl").toString(), "plugins"), temp.resolve("call" + i)));
        }
        for (Process call : calls) {
            assertThat(finish(call)).isEqualTo(7);
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void lockOfKilledBuildIsTakenAway() throws Exception {
        jdk("25.0.3");
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Path target = Files.createDirectories(checkout.resolve("rl-runner/target"));
        Path lock = Files.createSymbolicLink(target.resolve("rl.lock"), Path.of(Long.toString(gone.pid())));

        assertThat(rl("plugins").exit()).isEqualTo(7);
        assertThat(Files.isSymbolicLink(lock)).isFalse();
    }

    @Test
    void worksThroughSymbolicLinkFromElsewhere() throws Exception {
        jdk("25.0.3");
        Path inner = Files.createSymbolicLink(temp.resolve("inner"), Path.of("a checkout/rl"));
        Path outer = Files.createSymbolicLink(temp.resolve("outer"), inner);

        Process call = start(List.of(outer.toString(), "plugins"), temp.resolve("linked"));

        assertThat(finish(call)).isEqualTo(7);
        assertThat(Files.readString(temp.resolve("linked.out")))
                .contains("a checkout/rl-runner/target/app/rl-runner.jar");
    }

    @Test
    void processIsJavaItselfSoThatSignalsReachItOnce() throws Exception {
        Path jdk = jdk("25.0.3");
        rl("plugins");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\necho $$\n");

        Process call = start(List.of(checkout.resolve("rl").toString(), "plugins"), temp.resolve("pid"));

        assertThat(finish(call)).isZero();
        assertThat(Files.readString(temp.resolve("pid.out"))).isEqualToIgnoringNewLines(Long.toString(call.pid()));
    }

    private Path jdk(String version) throws IOException {
        Path jdk = Files.createDirectories(jdks.resolve("jdk-" + version));
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n");
        return jdk;
    }

    private Outcome rl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(checkout.resolve("rl").toString()));
        command.addAll(List.of(arguments));
        Path output = temp.resolve("call");
        int exit = finish(start(command, output));
        return new Outcome(
                exit, Files.readString(temp.resolve("call.out")), Files.readString(temp.resolve("call.err")));
    }

    private Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectOutput(Path.of(output + ".out").toFile())
                .redirectError(Path.of(output + ".err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", temp.toString());
        builder.environment().put("RL_JAVA_OPTS", "-Xuser=1");
        profiles.ifPresent(names -> builder.environment().put("RL_PROFILES", names));
        return builder.start();
    }

    /** The system's own directories hold its Java too, so the path names these alone. */
    private void systemToolsWithoutJava() throws IOException {
        for (String tool : List.of(
                "readlink",
                "dirname",
                "sed",
                "find",
                "head",
                "ln",
                "rm",
                "mkdir",
                "rmdir",
                "cp",
                "mv",
                "touch",
                "sleep")) {
            Path system = Files.exists(Path.of("/bin", tool)) ? Path.of("/bin", tool) : Path.of("/usr/bin", tool);
            executable(tools.resolve(tool), "#!/bin/sh\nexec " + system + " \"$@\"\n");
        }
    }

    private static int finish(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private List<String> builds() throws IOException {
        Path log = temp.resolve("builds");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
