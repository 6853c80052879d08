using Microsoft.EntityFrameworkCore;

namespace CloudFunction.Data.Tests;

internal sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<NoteEntity> Notes => Set<NoteEntity>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<NoteEntity>(note =>
    {
        note.ToTable("notes");
        note.Property(n => n.Id).HasColumnName("id").ValueGeneratedNever();
        note.Property(n => n.Text).HasColumnName("text");
    });
}
