namespace HemoApi.Training.Tests;

public sealed class TrainingScheduleTests
{
    [Fact]
    public void The_rate_warms_up_to_the_base_and_ends_at_a_hundredth_of_it()
    {
        var schedule = new TrainingSchedule(1000, null, 1e-3, 10);

        Assert.Equal(1e-3 / 11, schedule.LearningRate(0, TimeSpan.Zero), 1e-6);
        Assert.Equal(1e-3, schedule.LearningRate(10, TimeSpan.Zero), 1e-6);
        Assert.Equal(0.505e-3, schedule.LearningRate(500, TimeSpan.Zero), 1e-6);
        Assert.Equal(1e-5, schedule.LearningRate(1000, TimeSpan.Zero), 1e-9);
    }

    [Fact]
    public void A_time_budget_is_measured_in_time_whatever_the_number_of_steps()
    {
        var schedule = new TrainingSchedule(null, TimeSpan.FromMinutes(10), 1e-3, 0);

        Assert.Equal(0.5, schedule.Progress(7, TimeSpan.FromMinutes(5)), 1e-12);
        Assert.Equal(1, schedule.Progress(7, TimeSpan.FromMinutes(10)), 1e-12);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(10L, 5.0)]
    [InlineData(0L, null)]
    [InlineData(null, -1.0)]
    public void A_phase_without_exactly_one_positive_length_is_refused(long? steps, double? minutes) =>
        Assert.Throws<ArgumentException>(() => new TrainingSchedule(steps, minutes is { } m ? TimeSpan.FromMinutes(m) : null, 1e-3, 0));

    [Fact]
    public void What_is_left_is_the_rest_of_the_budget_or_of_the_steps_at_the_pace_so_far()
    {
        var (ofTime, ofSteps) = (new TrainingSchedule(null, TimeSpan.FromMinutes(10), 1, 0), new TrainingSchedule(100, null, 1, 0));

        Assert.Equal(TimeSpan.FromMinutes(4), ofTime.Left(7, TimeSpan.FromMinutes(6)));
        Assert.Equal(TimeSpan.Zero, ofTime.Left(7, TimeSpan.FromMinutes(11)));
        Assert.Equal(TimeSpan.FromMinutes(3), ofSteps.Left(25, TimeSpan.FromMinutes(1)));
        Assert.Null(ofSteps.Left(0, TimeSpan.Zero));
    }
}
