using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class FunctionRequirementTests
{
    [Fact]
    public void Check_AllThere_Passes()
    {
        FunctionRequirement.Deployed("shop", "greet").Check(["other", "greet"]);
        FunctionRequirement.Kept("greet", ["a", "b"]).Check(["b", "a"]);
    }

    [Fact]
    public void Check_FunctionIsGone_NamesItAndThoseThereAre()
    {
        var refusal = Assert.Throws<ProjectException>(() => FunctionRequirement.Deployed("shop", "greet").Check(["b", "a"]));

        Assert.Equal((ProjectErrorCode.FunctionNotFound, "function"), (refusal.Code, refusal.Field));
        Assert.Equal("What project 'shop' would be has no function 'greet'; it has a, b.", refusal.Message);
    }

    [Fact]
    public void Check_CodeDefinesAnother_ReportsHowToNameIt()
    {
        var refusal = Assert.Throws<ProjectException>(() => FunctionRequirement.Added("greet").Check(["hello"]));

        Assert.Equal((ProjectErrorCode.BadUpload, "code"), (refusal.Code, refusal.Field));
        Assert.Equal(
            "The code defines no function 'greet'; with it the project has hello. Name the class so, or add [Function(\"greet\")].", refusal.Message);
    }

    [Fact]
    public void Check_OthersGoToo_NamesThem()
    {
        var refusal = Assert.Throws<ProjectException>(() => FunctionRequirement.Kept("greet", ["a", "b", "c"]).Check(["b"]));

        Assert.Equal((ProjectErrorCode.Conflict, "function"), (refusal.Code, refusal.Field));
        Assert.Equal("greet.cs defines a, c too: move that to a file of its own, or edit the file and deploy.", refusal.Message);
    }
}
