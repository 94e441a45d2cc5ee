// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.config.ConfigException;
import org.sextant.runner.config.Layers;

/** What is wrong in a plugin's jar is said with the jar, the place in it, and what to do. */
class ServiceFilesTest {
    private static final String REWARD = "org.sextant.api.reward.RewardProvider";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        org.sextant.api.reward.RewardsProvider | public class A {} | is no kind of plugin; there are org.sextant.api.algorithm.AlgorithmProvider, |
        org.sextant.api.reward.RewardProvider | public class A {} | names example.A, which is no RewardProvider |
        org.sextant.api.reward.RewardProvider | public abstract class A implements org.sextant.api.reward.RewardProvider {} | names example.A, which cannot be made: it must be public, with a public constructor |
        """)
    void saysWhatANamedClassLacks(String service, String source, String message) throws IOException {
        Path jar = PluginJar.of(folder, "bad", service, "example.A", "package example; " + source, null);
        assertThatThrownBy(() -> Wiring.of(new Plugins(List.of(jar))))
                .isInstanceOf(WiringException.class)
                .hasMessageStartingWith(jar + ": META-INF/services/" + service + " " + message);
    }

    @Test
    void classForANewerJavaIsToBeBuiltAgain() throws IOException {
        Path jar = PluginJar.reward(folder, "letters", "letters");
        Path type = folder.resolve("letters-classes/example/LetterReward.class");
        byte[] bytes = Files.readAllBytes(type);
        ByteBuffer.wrap(bytes).putShort(6, (short) (44 + Runtime.version().feature() + 1));
        Files.write(type, bytes);
        PluginJar.jar(jar, folder.resolve("letters-classes"));
        assertThatThrownBy(() -> Wiring.of(new Plugins(List.of(jar))))
                .isInstanceOf(WiringException.class)
                .hasMessageStartingWith(jar + ": example.LetterReward does not fit this version of Sextant (")
                .hasMessageContaining("UnsupportedClassVersionError")
                .hasMessageEndingWith("build it again against this version's rl-api, for Java "
                        + Runtime.version().feature());
    }

    @Test
    void classThatExtendsWhatTheApiDoesNotHaveIsToBeBuiltAgain() throws IOException {
        Path jar = withoutLater("""
            package example;
            public final class A extends Later implements org.sextant.api.reward.RewardProvider {
                public String name() { return "a"; }
                public String summary() { return "needs what is not there"; }
                public org.sextant.api.reward.RewardFunction create(org.sextant.api.config.ConfigReader own) { return null; }
            }
            class Later {}
            """);
        assertThatThrownBy(() -> Wiring.of(new Plugins(List.of(jar))))
                .isInstanceOf(WiringException.class)
                .hasMessageStartingWith(jar + ": example.A does not fit this version of Sextant (")
                .hasMessageContaining("example/Later");
    }

    @Test
    void classThatCallsWhatTheApiDoesNotHaveIsAProblemOfItsBlock() throws IOException {
        Path jar = withoutLater("""
            package example;
            public final class A implements org.sextant.api.reward.RewardProvider {
                public String name() { return "a"; }
                public String summary() { return "calls what is not there"; }
                public String defaults() { return ""; }
                public org.sextant.api.reward.RewardFunction create(org.sextant.api.config.ConfigReader own) {
                    return Later.reward();
                }
            }
            class Later { static org.sextant.api.reward.RewardFunction reward() { return null; } }
            """);
        String hocon = "task { name = arithmetic }\nreward { name = a }\nphases = [ { kind = eval } ]";
        ExperimentReader reader = Wiring.of(new Plugins(List.of(jar))).get(ExperimentReader.class);
        assertThatThrownBy(() -> reader.read(Layers.parse("x.conf", hocon, List.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("x.conf:2: reward: example.A in bad.jar does not fit this version of Sextant (")
                .hasMessageContaining("example/Later");
    }

    private Path withoutLater(String source) throws IOException {
        Path jar = PluginJar.of(folder, "bad", REWARD, "example.A", source, null);
        Files.delete(folder.resolve("bad-classes/example/Later.class"));
        return PluginJar.jar(jar, folder.resolve("bad-classes"));
    }

    @Test
    void twoVersionsOfOnePluginAreBothNamed() throws IOException {
        Path old = PluginJar.reward(folder, "letters", "letters-1.0");
        Path young = PluginJar.reward(folder, "letters", "letters-1.1");
        assertThatThrownBy(() -> Wiring.of(new Plugins(List.of(old, young))))
                .isInstanceOf(WiringException.class)
                .hasMessage("example.LetterReward is in " + old + " and in " + young + "; leave one of the jars out");
    }

    @Test
    void oneJarMayBeNamedTwice() throws IOException {
        Path jar = PluginJar.reward(folder, "letters", "letters");
        Wiring wiring = Wiring.of(new Plugins(List.of(jar, folder.resolve("./letters.jar"))));
        assertThat(wiring.get(Catalogs.class).rewards().byName()).containsKey("letters");
    }
}
